"""The tables of the history, written to be read in any SQLite tool: every comment below is kept inside the file.

Times are POSIX seconds (UTC), ``datetime(start, 'unixepoch', 'localtime')`` shows them; lengths are seconds.  Missing is NULL,
never zero.  No picture and no landmark is kept.

``MIGRATIONS[n]`` takes a file from version n to n + 1 (``PRAGMA user_version``); a row that was released is never edited.
"""

_V1 = """
CREATE TABLE sessions (                -- one run of the monitor
    id      INTEGER PRIMARY KEY,
    start   REAL NOT NULL,
    end     REAL NOT NULL,             -- the last instant stored; it moves on every 10 s while the session runs
    ended   TEXT,                      -- 'clean': said goodbye; 'cut': was killed and ended where it was last stored; NULL: runs
    source  TEXT NOT NULL,             -- the camera, file or address watched
    profile TEXT,                      -- the calibration it was held against, if any
    program TEXT NOT NULL              -- the version that wrote it
);
CREATE INDEX sessions_by_end ON sessions (end, start);

CREATE TABLE bouts (                   -- maximal runs of one activity; within a session they never overlap
    session  INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    start    REAL NOT NULL,
    end      REAL NOT NULL,
    activity TEXT NOT NULL,            -- sitting, standing, moving, away, unknown
    assumed  INTEGER NOT NULL,         -- 1: only head and shoulders were seen and sitting was taken for granted
    why      TEXT,                     -- why it is unknown
    PRIMARY KEY (session, start)
) WITHOUT ROWID;

-- By time first: a week is read in one piece, whatever the size of the file.
CREATE TABLE minutes (                 -- one row per signal and minute in which somebody was there
    start      REAL NOT NULL,          -- a multiple of 60
    session    INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    signal     TEXT NOT NULL,
    mean       REAL,                   -- over the seconds measured, in the signal's unit
    measured_s REAL NOT NULL,
    judged_s   REAL NOT NULL,          -- compared with the person's own calibration
    off_s      REAL NOT NULL,          -- out of the person's own tolerance
    hold_s     REAL NOT NULL,          -- the longest it had been out without a pause, up to this minute
    why        TEXT,                   -- the commonest reason for not measuring it
    PRIMARY KEY (start, session, signal)
) WITHOUT ROWID;

CREATE TABLE reminders (               -- what was due, whether it was shown, and what was seen afterwards
    t           REAL NOT NULL,
    session     INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    kind        TEXT NOT NULL,         -- sat_too_long, stood_too_long, posture_held, too_close, camera_moved
    level       TEXT NOT NULL,         -- soft, firm
    activity    TEXT NOT NULL,         -- during which it came
    seconds     REAL NOT NULL,         -- how long what it is about had gone on,
    since       REAL NOT NULL,         -- and since when
    step        INTEGER,               -- the how-manieth within one run; NULL for posture
    after_break INTEGER NOT NULL,      -- 1: a break of at least a minute came before "since"
    signals     TEXT NOT NULL,         -- those out of tolerance, parted by blanks
    shown       TEXT,                  -- 'desktop', 'console', 'none' (not wanted, or it failed); NULL: not known
    responded   INTEGER,               -- 1: a change followed within five minutes; 0: none did; NULL: nobody saw
    after_s     REAL,                  -- until that change
    PRIMARY KEY (t, session)
) WITHOUT ROWID;
"""

MIGRATIONS = (_V1,)
# A file that says it has a version has these, or it is not a history.
TABLES = frozenset({"sessions", "bouts", "minutes", "reminders"})
