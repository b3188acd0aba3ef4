"""What does code show, run cell by cell as in a notebook? Text that is printed, the last value, the pictures.

What documents and notebooks show is kept in them, and must be what the code shows today. After a change that is meant,
``YORISOI_WRITE_SHOWN=1 cargo xtask python`` writes it anew; look at the difference before you keep it.
"""

import ast
import base64
import contextlib
import io
import os

WRITES = bool(os.environ.get("YORISOI_WRITE_SHOWN"))


def run(source, space, name):
    """Runs a cell in ``space``; returns what it printed, and its last value unless a semicolon hides it."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, name, "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), space)
    return printed.getvalue(), None if source.rstrip().endswith(";") else value


def outputs(printed, value, pictures, number):
    """Returns the outputs of a notebook's cell, without times, paths and versions."""
    found = []
    if printed:
        found.append({"name": "stdout", "output_type": "stream", "text": printed.splitlines(keepends=True)})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        page = getattr(value, "_repr_html_", None)
        if page is not None:
            data["text/html"] = page().splitlines(keepends=True)
        found.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    found += [{"data": {"image/png": picture}, "metadata": {}, "output_type": "display_data"} for picture in pictures]
    return found


def drawn(plt):
    """Returns the pictures that are open, as base64, and closes them."""
    pictures = []
    for number in plt.get_fignums():
        page = io.BytesIO()
        plt.figure(number).savefig(page, format="png", dpi=80, metadata={"Software": None})
        pictures.append(base64.b64encode(page.getvalue()).decode("ascii") + "\n")
    plt.close("all")
    return pictures
