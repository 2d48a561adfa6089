"""How fast pieces are hashed, against the machine's own limit and other programs.

    python benchmarks/hashing.py [--json] [--rounds 7] [--folder /var/tmp]
                                 [--layouts 1x4096,60x15,2000x1]

It writes its own files (up to 4.3 GB at a time), keeps them in the page cache, and
lets every program hash them in turn, round after round. Speeds are medians; ratios
are medians of the ratios within a round. `--json` ends with one JSON object on a
line, with the worst of all layouts first. docs/hashing.md explains the limit.
"""

import argparse
import hashlib
import importlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from releases.torrents.hasher import hash_files
from releases.torrents.pieces import PieceRule, choose_piece_length
from releases.torrents.types import SourceFile

MIB = 1024 * 1024
PROBE_SIZE = 512 * MIB  # at most this is read, and hashed, by each core for the limit
RULE = PieceRule(min=32 * 1024)  # mktorrent knows no shorter pieces
OURS = "herald"
PEERS = ("mktorrent", "torf", "libtorrent")
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    """Read the arguments, then measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--layouts", default="1x4096,60x15,2000x1", help="FILESxMIB,…")
    parser.add_argument("--folder", default=None, help="where to write the files")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="end with a JSON line")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:  # a child: one program, once
        program, target, piece_length = arguments.run.split(":", 2)
        print(json.dumps(run_once(program, Path(target), int(piece_length))))
        return
    layouts = [
        (int(files), int(size))
        for files, size in (one.split("x") for one in arguments.layouts.split(","))
    ]
    need = max(files * size for files, size in layouts) * MIB
    folder = Path(tempfile.mkdtemp(prefix="herald-hashing-", dir=arguments.folder))
    try:
        check_space(folder, need)
        results = measure_all(folder, layouts, arguments.rounds)
    finally:
        shutil.rmtree(folder)
    if arguments.json:
        print(json.dumps(summary(results)))


def check_space(folder: Path, need: int) -> None:
    """Stop with a sentence where the files do not fit on the disk."""
    if (free := shutil.disk_usage(folder).free) < need + 1024 * MIB:
        sys.exit(
            f"{folder} has {free / 1e9:.1f} GB free and the benchmark needs "
            f"{need / 1e9 + 1:.1f} GB. Name another folder with --folder, or smaller "
            "--layouts."
        )
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:") and int(line.split()[1]) * 1024 < need:
            print("Memory is short: the files may not stay in the page cache.")


def measure_all(
    folder: Path, layouts: list[tuple[int, int]], rounds: int
) -> dict[str, Any]:
    """Each layout's result by its name, printed as they come."""
    programs = [OURS, *PEERS]
    if shutil.which("mktorrent") is None:
        print("mktorrent is not installed: it is left out (apt install mktorrent).")
        programs.remove("mktorrent")
    results = {}
    for files, size in layouts:
        content = folder / f"{files}x{size}"
        content.mkdir()
        for number in range(files):
            write_file(content / f"{number:05}.bin", size)
        target = content if files > 1 else content / "00000.bin"
        piece_length = choose_piece_length(files * size * MIB, RULE)
        samples = alternate(programs, target, piece_length, rounds)
        name = f"{files} x {size} MiB"
        results[name] = report(name, piece_length, samples)
        shutil.rmtree(content)
    return results


def write_file(path: Path, mebibytes: int) -> None:
    """Bytes that do not repeat, fast."""
    block = bytearray(os.urandom(MIB))
    with path.open("wb") as file:
        for number in range(mebibytes):
            block[:8] = number.to_bytes(8, "little")
            file.write(block)


def alternate(
    programs: list[str], target: Path, piece_length: int, rounds: int
) -> list[dict[str, float]]:
    """One dict a round: bytes a second per program, the rates behind the limit."""
    total = sum(path.stat().st_size for path in contents(target))
    samples = []
    for number in range(rounds + 1):
        read_through(target)
        sample = limit(target)
        turn = number % len(programs)
        for program in programs[turn:] + programs[:turn]:
            outcome = in_child(program, target, piece_length)
            sample[program] = total / outcome["seconds"]
            if program == OURS:
                sample["peak_mb"] = outcome["peak_mb"]
        samples.append(sample)
    return samples[1:]  # the first round warms up


def read_through(target: Path) -> None:
    """Bring all content into the page cache."""
    for path in contents(target):
        with path.open("rb", buffering=0) as file:
            read_blocks(file, path.stat().st_size)


def contents(target: Path) -> list[Path]:
    """The files to hash, in order."""
    return [target] if target.is_file() else sorted(target.iterdir())


def read_blocks(file: FileIO, most: int) -> int:
    """Read up to `most` bytes with readinto into one buffer; how many there were."""
    buffer = memoryview(bytearray(128 * 1024))
    done = 0
    while done < most and (count := file.readinto(buffer)):
        done += count
    return done


def limit(target: Path) -> dict[str, float]:
    """What no hasher that reads and then hashes can pass, from two rates.

    Both are per core with all cores at work: SHA-1 of memory, and readinto of the
    cached files, of which each core reads its own share.
    """
    paths = contents(target)

    def hash_memory(_: int) -> int:
        block = bytes(256 * 1024)
        digest = hashlib.sha1(usedforsecurity=False)
        for _ in range(PROBE_SIZE // len(block)):
            digest.update(block)
        return PROBE_SIZE

    def read_share(core: int) -> int:
        done = 0
        for path in paths[core::CORES] if len(paths) > 1 else paths:
            with path.open("rb", buffering=0) as file:
                if len(paths) == 1:
                    file.seek(path.stat().st_size * core // CORES)
                done += read_blocks(file, PROBE_SIZE - done)
        return done

    sha1, read = on_all_cores(hash_memory), on_all_cores(read_share)
    return {"sha1": sha1, "read": read, "limit": CORES / (1 / sha1 + 1 / read)}


def on_all_cores(work: Callable[[int], int]) -> float:
    """Bytes a second of each core while all do `work`: core → bytes done."""
    done: list[int] = []
    workers = [
        threading.Thread(target=lambda core=core: done.append(work(core)))
        for core in range(CORES)
    ]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done) / (time.perf_counter() - started) / CORES


def in_child(program: str, target: Path, piece_length: int) -> dict[str, float]:
    """`run_once` in a fresh process, whose memory is thus its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--run", f"{program}:{target}:{piece_length}"],
        check=True,
        stdout=subprocess.PIPE,
    )
    return cast(dict[str, float], json.loads(done.stdout))


def run_once(program: str, target: Path, piece_length: int) -> dict[str, float]:
    """Hash `target` with one program; seconds of the hashing alone, peak memory."""
    run = {
        OURS: run_herald,
        "mktorrent": run_mktorrent,
        "torf": run_torf,
        "libtorrent": run_libtorrent,
    }[program]
    if program in ("torf", "libtorrent"):
        importlib.import_module(program)  # before the clock starts
    started = time.perf_counter()
    run(target, piece_length)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak}


def run_herald(target: Path, piece_length: int) -> None:
    """Our hasher, with the progress that a worker asks for."""
    files = [
        SourceFile(path=path, size=path.stat().st_size) for path in contents(target)
    ]
    hash_files(files, piece_length, on_progress=lambda _: None)


def run_mktorrent(target: Path, piece_length: int) -> None:
    """mktorrent with one thread a core."""
    power = piece_length.bit_length() - 1
    with tempfile.TemporaryDirectory() as folder:
        command = ["mktorrent", "-t", str(CORES), "-l", str(power), "-d"]
        command += ["-a", "http://localhost/announce", "-o", f"{folder}/out"]
        subprocess.run([*command, str(target)], check=True, stdout=subprocess.DEVNULL)


def run_torf(target: Path, piece_length: int) -> None:
    """torf's own generate()."""
    import torf

    torf.Torrent(path=target, piece_size=piece_length).generate()


def run_libtorrent(target: Path, piece_length: int) -> None:
    """libtorrent's set_piece_hashes()."""
    import libtorrent

    files = libtorrent.list_files(str(target))
    v1 = libtorrent.create_torrent.v1_only
    maker = libtorrent.create_torrent(files, piece_length, v1)
    libtorrent.set_piece_hashes(maker, str(target.parent))


def report(
    name: str, piece_length: int, samples: list[dict[str, float]]
) -> dict[str, Any]:
    """Print one layout's table and return its figures."""
    middle = {key: statistics.median(s[key] for s in samples) for key in samples[0]}
    ratio = {
        key: statistics.median(s[OURS] / s[key] for s in samples) for key in samples[0]
    }
    peers = {peer: round(ratio[peer], 3) for peer in PEERS if peer in ratio}
    print(f"\n{name}, pieces of {piece_length // 1024} KiB, {CORES} cores")
    sha1, read = middle["sha1"] / 1e9, middle["read"] / 1e9
    print(f"  SHA-1 of memory {sha1:.2f} GB/s and reading {read:.2f} GB/s a core")
    print(f"  {'':12}{'GB/s':>7}{'herald is':>12}")
    for key in ("limit", OURS, *peers):
        times = "" if key == OURS else f"{ratio[key]:10.3f} x"
        print(f"  {key:12}{middle[key] / 1e9:7.2f}{times}")
    print(f"  peak memory of our process {middle['peak_mb']:.0f} MB")
    return {
        "limit_ratio": round(ratio["limit"], 3),
        "peers": peers,
        "peak_mb": round(middle["peak_mb"], 1),
        "gb_per_s": {key: round(middle[key] / 1e9, 3) for key in (OURS, "limit")},
    }


def summary(results: dict[str, Any]) -> dict[str, Any]:
    """The worst of all layouts, and all of them."""
    rows = list(results.values())
    peers = rows[0]["peers"]
    return {
        "limit_ratio": min(row["limit_ratio"] for row in rows),
        "peers": {peer: min(row["peers"][peer] for row in rows) for peer in peers},
        "peak_mb": max(row["peak_mb"] for row in rows),
        "layouts": results,
    }


if __name__ == "__main__":
    main()
