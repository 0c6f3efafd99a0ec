"""Real stores, damaged in the ways in which files are."""

import os
import sqlite3
from contextlib import closing


def overwrite(path, start):
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\x5a" * (path.stat().st_size - start))


def behind_its_first_page(path):
    overwrite(path, 4_096)


def in_its_second_half(path):
    overwrite(path, path.stat().st_size // 2)


def cut_short(path):
    os.truncate(path, path.stat().st_size // 2)


def without_header(path):
    with path.open("r+b") as file:
        file.write(b"\0" * 100)


def without_a_column(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE evaluations DROP COLUMN seconds")


def without_a_table(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE own_data_kept")


def from_the_future(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9041'")


def open_files(folder):
    """Files below a folder that this process has open."""
    links = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
    return [os.readlink(link) for link in links if os.path.lexists(link) and str(folder) in os.readlink(link)]
