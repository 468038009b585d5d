"""What the machine does to a process: fifty desks share a few processors here, each of which has a computer in life."""

from pathlib import Path


def waited_s(process_id: int | str = "self") -> float:
    """For how long all threads of a process together were ready and had no processor; 0 where Linux does not say.

    The second figure of /proc/PID/task/TID/schedstat, in nanoseconds (proc(5), Documentation/scheduler/sched-stats).
    """
    total = 0
    for task in Path(f"/proc/{process_id}/task").glob("*"):
        try:
            total += int((task / "schedstat").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError, ValueError):
            continue  # the thread ended, or the kernel keeps no such figures
    return total / 1e9
