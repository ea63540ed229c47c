"""The C of src/unrolled/kernels/native → one library, each function once for each SIMD level; none without a compiler.

Called by pip and by `python -m build` through hatchling. Installation never fails for want of a compiler: the plain
arithmetic then answers, slower and equal. By hand: `python hatch_build.py --help`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zlib
from pathlib import Path
from typing import Any

NATIVE = Path(__file__).parent / "src" / "unrolled" / "kernels" / "native"
NAME = "unrolled" + {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
FLAGS = ["-std=c11", "-O3", "-fPIC", "-fvisibility=hidden"]
FLAGS += ["-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast"]  # what NaN and infinity mean stays as it is
WARNINGS = ["-Wall", "-Wextra", "-Wno-psabi", "-Wno-unknown-pragmas"]  # psabi: registers never cross a call
TRACED = ["-O1", "-g", "-fno-omit-frame-pointer"]
SANITIZERS = {
    "memory": [*TRACED, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    "threads": [*TRACED, "-fsanitize=thread"],
}
LEVELS = {
    "baseline": [],
    "avx2": ["-mavx2", "-mfma"],
    "avx512": [*(f"-mavx512{part}" for part in ("f", "bw", "dq", "vl")), "-mfma", "-mprefer-vector-width=512"],
}


def levels(machine: str) -> dict[str, list[str]]:
    """Name the SIMD levels that a kind of processor may have, with the flags that turn each on."""
    return LEVELS if machine.lower() in ("x86_64", "amd64") else {"baseline": []}


def digest() -> str:
    """Hash the source, so that a library can be told from one of another source; quickly, as every start does it."""
    content = b"".join(path.read_bytes() for path in sorted(NATIVE.glob("*.[ch]")))
    return f"{zlib.crc32(content):08x}-{len(content)}"


def compile_library(compiler: str, target: Path, *, machine: str, more: list[str]) -> None:
    """Compile every level and link them; CalledProcessError where the compiler fails."""
    command = shlex.split(compiler, posix=os.name == "posix")  # "ccache gcc" is a compiler too
    common = [*command, *FLAGS, *WARNINGS, *more]
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for level, flags in levels(machine).items():
            objects.append(f"{folder}/{level}.o")
            _run([*common, *flags, "-c", str(NATIVE / "native.c"), "-o", objects[-1]])
        objects.append(f"{folder}/levels.o")
        _run([*common, f'-DDIGEST="{digest()}"', "-c", str(NATIVE / "levels.c"), "-o", objects[-1]])
        built = Path(folder) / target.name
        target.parent.mkdir(parents=True, exist_ok=True)
        _run([*command, "-shared", *more, *objects, "-o", str(built), "-lm"])
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(built, beside)  # then renamed: whoever has the old one mapped keeps it
        beside.replace(target)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def find_compiler() -> str | None:
    """Find the C compiler: the one that CC names, or the first known one."""
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    return next(filter(_is_there, names), None)


def _is_there(command: str) -> bool:
    try:
        program, *_ = shlex.split(command, posix=os.name == "posix")
    except ValueError:  # blank, or a quote that doesn't end
        return False
    return shutil.which(program) is not None


def main() -> None:
    """Compile by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanitize", choices=SANITIZERS, help="tell of wrong accesses, or of races between threads")
    parser.add_argument("--compiler", default=find_compiler())
    parser.add_argument("--machine", default=platform.machine(), help="the processor that it is for")
    parser.add_argument("-o", "--output", type=Path, default=NATIVE / NAME)
    chosen = parser.parse_args()
    if chosen.compiler is None:
        raise SystemExit("no C compiler: install one, or name it by --compiler or CC")
    # when installing, the warning of a compiler that nobody has tried is no error
    more = ["-Werror", *SANITIZERS.get(chosen.sanitize, [])]
    try:
        compile_library(chosen.compiler, chosen.output, machine=chosen.machine, more=more)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error.cmd[0]} failed:\n{error.stderr}") from error


if __name__ == "__main__":
    main()
else:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class Kernels(BuildHookInterface[Any]):
        """Compiles before a wheel is made, an editable one too."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Put the library beside its source, and name the wheel for this kind of machine."""
            del version
            compiler = find_compiler()
            if compiler is None:
                self.app.display_warning("No C compiler was found: unrolled will compute without compiled kernels.")
                return
            try:
                compile_library(compiler, NATIVE / NAME, machine=platform.machine(), more=[])
            except (OSError, subprocess.CalledProcessError) as error:
                told = getattr(error, "stderr", None) or error
                self.app.display_warning(f"The C kernels weren't compiled, unrolled will compute without: {told}")
                return
            tag = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data.update(pure_python=False, tag=f"py3-none-{tag}")
            build_data["artifacts"].append(f"src/unrolled/kernels/native/{NAME}")
