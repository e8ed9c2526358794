"""The book: its contents, execution, pages, citation, references, exports and Sphinx extensions."""
