CREATE TABLE IF NOT EXISTS entries (
    seq   bigint PRIMARY KEY,
    at    bigint NOT NULL,
    who   bigint,
    hash  bytea NOT NULL,
    bytes bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_by_client ON entries (who, seq) WHERE who IS NOT NULL;

CREATE OR REPLACE FUNCTION entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM entries) THEN
        RAISE EXCEPTION 'an entry follows the one before it';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are never changed or removed';
END $$;
CREATE OR REPLACE TRIGGER entries_follow BEFORE INSERT ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_follow();
CREATE OR REPLACE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_stay();
CREATE OR REPLACE TRIGGER entries_remain BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION entries_stay();

CREATE TABLE IF NOT EXISTS vault (
    seq    bigint PRIMARY KEY,
    who    bigint NOT NULL,
    cipher bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS docs (
    shelf text COLLATE "C" NOT NULL,
    key   text COLLATE "C" NOT NULL,
    doc   bytea NOT NULL,
    PRIMARY KEY (shelf, key)
);

CREATE TABLE IF NOT EXISTS ranks (
    shelf text COLLATE "C" NOT NULL,
    key   text COLLATE "C" NOT NULL,
    grp   text COLLATE "C" NOT NULL,
    rank  double precision NOT NULL,
    PRIMARY KEY (shelf, key, grp)
);
CREATE INDEX IF NOT EXISTS ranks_largest ON ranks (shelf, grp, rank DESC, key);
CREATE INDEX IF NOT EXISTS ranks_smallest ON ranks (shelf, grp, rank, key);
CREATE INDEX IF NOT EXISTS ranks_by_key ON ranks (shelf, grp, key);

CREATE TABLE IF NOT EXISTS meta (
    name  text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);
INSERT INTO meta (name, value) VALUES ('head', '') ON CONFLICT DO NOTHING;
