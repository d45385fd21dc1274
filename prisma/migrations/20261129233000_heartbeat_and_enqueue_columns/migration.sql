-- RenameColumn
ALTER TABLE "jobs" RENAME COLUMN "beat_at" TO "heartbeat_at";
ALTER TABLE "jobs" RENAME COLUMN "offered_at" TO "enqueued_at";
