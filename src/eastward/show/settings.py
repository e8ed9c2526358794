"""The parameters at the top of a chapter in force: what differs is said, and a cell that they leave without rows says so."""

import ast
from typing import Any

from IPython import get_ipython
from IPython.display import display

from eastward.claims import whatif
from eastward.data import DataError
from eastward.show.prose import forget


def what_if(**given: Any) -> None:
    """Put a chapter's parameters in force (see :func:`eastward.claims.whatif.what_if`) and say what they change.

    With other settings than the book's own a cell that lacks rows says so in one line, and the run goes on.
    """
    forget()
    note = whatif.what_if(**given)
    shell = get_ipython()
    if shell is not None:
        kept = [t for t in shell.ast_transformers if not isinstance(t, Shown | Forgiving)]
        shell.ast_transformers = [*kept, Shown(), Forgiving()] if note else kept
        shell.user_ns |= {"_explain": explain, "_shown": lambda it: None if it is None else display(it)}
    if note:
        display(note)


def explain(error: Exception, names: list[str], space: dict[str, Any]) -> None:
    """Say why a cell has no result, and forget what it was to make, so that no later cell takes an earlier one's for
    it. A fault of the data or the settings says itself what it is.
    """
    if isinstance(error, DataError):
        raise error
    for name in names:
        space.pop(name, None)
    why = "the rows it needs are not there"
    if isinstance(error, NameError) and error.name:
        why = f"it needs {error.name}, which a cell before it could not compute"
    print(f"With these settings this cell has no result: {why}.")


class Shown(ast.NodeTransformer):
    """Hands the last expression of a cell to ``_shown``."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Return the cell with its last expression wrapped."""
        if node.body and isinstance(last := node.body[-1], ast.Expr):
            node.body[-1] = ast.Expr(ast.Call(ast.Name("_shown", ast.Load()), [last.value], []))
        return ast.fix_missing_locations(node)


class Forgiving(ast.NodeTransformer):
    """Hands an error in a cell to ``_explain``, with the names that the cell binds."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Return the cell as the body of a ``try``."""
        bound = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        handler = f"except Exception as error:\n    _explain(error, {sorted(bound)}, globals())"
        wrapped = ast.parse(f"try:\n    pass\n{handler}")
        if node.body:
            wrapped.body[0].body = node.body  # type: ignore[attr-defined]
        return ast.fix_missing_locations(wrapped)
