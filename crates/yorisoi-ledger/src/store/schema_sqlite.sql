CREATE TABLE IF NOT EXISTS entries (
    seq   INTEGER PRIMARY KEY,
    at    INTEGER NOT NULL,
    who   INTEGER,
    hash  BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_client ON entries (who, seq) WHERE who IS NOT NULL;

-- No trigger on INSERT: it would give each INSERT a journal of its own, and inside a savepoint SQLite walks that journal
-- from its beginning every time, so that a large import would take the square of its length. The primary key and the
-- triggers below keep what is there; a row out of turn is found by verification.
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;

CREATE TABLE IF NOT EXISTS vault (
    seq    INTEGER PRIMARY KEY,
    who    INTEGER NOT NULL,
    cipher BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS docs (
    shelf TEXT NOT NULL,
    key   TEXT NOT NULL,
    doc   BLOB NOT NULL,
    PRIMARY KEY (shelf, key)
) STRICT;

CREATE TABLE IF NOT EXISTS ranks (
    shelf TEXT NOT NULL,
    key   TEXT NOT NULL,
    grp   TEXT NOT NULL,
    rank  REAL NOT NULL,
    PRIMARY KEY (shelf, key, grp)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ranks_largest ON ranks (shelf, grp, rank DESC, key);
CREATE INDEX IF NOT EXISTS ranks_by_key ON ranks (shelf, grp, key, rank);

CREATE TABLE IF NOT EXISTS meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
