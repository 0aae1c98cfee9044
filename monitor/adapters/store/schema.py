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
    step        INTEGER,               -- ordinal within one run; NULL for posture
    after_break INTEGER NOT NULL,      -- 1: a break of at least a minute came before "since"
    signals     TEXT NOT NULL,         -- those out of tolerance, parted by blanks
    shown       TEXT,                  -- 'desktop', 'console', 'none' (not wanted, or it failed); NULL: not known
    responded   INTEGER,               -- 1: a change followed within five minutes; 0: none did; NULL: nobody saw
    after_s     REAL,                  -- until that change
    PRIMARY KEY (t, session)
) WITHOUT ROWID;
"""

# The person's own entries, and the tips that were shown.
_ADVICE = """
ALTER TABLE reminders ADD COLUMN tip TEXT;        -- the tip that went with it, by its id
ALTER TABLE reminders ADD COLUMN follow_up TEXT;  -- the one more that came with the change

CREATE TABLE person (                  -- what she told last; one row at most, none: nothing was told
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    due        TEXT,                   -- a day, ISO 8601
    birth      TEXT,                   -- a day, ISO 8601
    conditions TEXT NOT NULL,          -- what forbids some tips, parted by blanks
    told       INTEGER NOT NULL        -- 1: due and birth are her answer (both NULL: not pregnant); 0: she was not asked yet
);

CREATE TABLE checkins (                -- what she reported of pain and symptoms; never from what the camera saw
    t        REAL PRIMARY KEY,
    pain     INTEGER,                  -- 0 to 10; NULL: not told
    places   TEXT NOT NULL,            -- where it hurts, parted by blanks
    eased_by TEXT NOT NULL,            -- what makes it better, parted by blanks
    limiting TEXT NOT NULL,            -- no, some, much: how much it gets in the way
    symptoms TEXT NOT NULL,            -- from the card of warning signs, parted by blanks
    note     TEXT NOT NULL,            -- her own words, which the program never reads
    urgency  TEXT,                     -- red, orange, yellow, by the card; NULL: none of them
    cleared  REAL                      -- when she said that she had help
);
"""

_CHECKS = """
CREATE TABLE checks (                  -- guided standing checks of the lower back, from the side
    t            REAL PRIMARY KEY,
    lordosis_deg REAL NOT NULL,        -- tangent at the sacrum against tangent at T12, + = hollow
    sd_deg       REAL NOT NULL,        -- its standard deviation
    depth        REAL NOT NULL,        -- of the hollow, in percent of the chord between those levels
    frames       INTEGER NOT NULL,     -- read and averaged
    source       TEXT NOT NULL,        -- the camera, file or address watched
    week         INTEGER               -- completed weeks of pregnancy; NULL: not pregnant, or not told
) WITHOUT ROWID;
"""

_COMMANDS = """
CREATE TABLE commands (                -- what the person ordered, on its way to the running monitor
    id    INTEGER PRIMARY KEY,
    t     REAL NOT NULL,
    kind  TEXT NOT NULL,               -- pause, resume, snooze, mark, not now, stop
    until REAL,                        -- a pause or snooze ends here by itself
    what  TEXT,                        -- of a mark: standing, sitting, break
    taken REAL                         -- when the monitor took it; NULL: not yet
);
CREATE INDEX commands_waiting ON commands (id) WHERE taken IS NULL;

CREATE TABLE missed (                  -- what was held back in a silence and told in one line afterwards
    t       REAL NOT NULL,
    session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    kind    TEXT NOT NULL,             -- the reminder that was due
    why     TEXT NOT NULL,             -- in a call, do not disturb, full screen, snoozed
    seconds REAL NOT NULL,             -- how long what it is about had gone on
    PRIMARY KEY (t, session, kind)
) WITHOUT ROWID;

ALTER TABLE sessions ADD COLUMN silent TEXT;       -- why reminders are silent now; NULL: they speak
ALTER TABLE sessions ADD COLUMN silent_since REAL;
ALTER TABLE sessions ADD COLUMN mode TEXT;         -- how the source is being watched, in its own words
"""

# Reasons were phrases ("nobody there") and are codes ("nobody_there").  Minutes, of which there may be millions, keep what they
# have and are read as codes.
_CODES = """
UPDATE bouts SET why = replace(replace(why, ': ', '_'), ' ', '_') WHERE why LIKE '% %';
UPDATE missed SET why = replace(why, ' ', '_') WHERE why LIKE '% %';
UPDATE sessions SET silent = replace(silent, ' ', '_') WHERE silent LIKE '% %';
UPDATE sessions SET mode = replace(replace(replace(mode, ', ', '|'), ' ', '_'), '|', ' ') WHERE mode LIKE '%, %';
"""

_NOW = """
CREATE TABLE now (                      -- what the running monitor sees and says just now: one row, replaced as it goes
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    session     INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    t           REAL NOT NULL,          -- of what is watched
    written     REAL NOT NULL,          -- by the wall clock
    state       TEXT NOT NULL,          -- sitting, standing, moving, away, unknown,
    since       REAL NOT NULL,          -- and since when
    why         TEXT,                   -- why it is unknown
    silent      TEXT,                   -- why reminders are silent; NULL: they speak
    posture     TEXT NOT NULL,          -- ok, off, unknown
    signals_off TEXT NOT NULL,          -- those out of tolerance, parted by blanks
    runs        TEXT NOT NULL,          -- JSON: by clock, seconds sat, stood or without moving since the last break
    readings    TEXT NOT NULL,          -- JSON: by signal [value, standard deviation, why not]
    decisions   TEXT NOT NULL,          -- JSON: by kind of reminder, how far it is and what holds it back
    engine      TEXT,                   -- the pose model
    notifier    TEXT                    -- how reminders are shown
);

CREATE TABLE looks (                    -- while somebody looks at that row, it is written once a second
    id INTEGER PRIMARY KEY CHECK (id = 1),
    t  REAL NOT NULL                    -- when somebody looked last
);
"""

_RELIEF = """
ALTER TABLE checkins ADD COLUMN relief TEXT; -- the tip that answered it, by its id
"""

MIGRATIONS = (_V1, _ADVICE, _CHECKS, _COMMANDS, _CODES, _NOW, _RELIEF)
# The tables of every file with a schema version; without them it is not a history.
TABLES = frozenset({"sessions", "bouts", "minutes", "reminders"})
