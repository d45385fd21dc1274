-- Renames only: every row keeps its data.
ALTER TYPE "IterationKind" RENAME VALUE 'given' TO 'provided';
ALTER TYPE "ReplyReading" RENAME TO "ReplyParseStatus";
ALTER TYPE "ReplyParseStatus" RENAME VALUE 'given' TO 'provided';

ALTER TABLE "jobs" RENAME COLUMN "first_code" TO "initial_code";
ALTER TABLE "jobs" RENAME CONSTRAINT "jobs_first_code_fkey" TO "jobs_initial_code_fkey";
ALTER TABLE "iterations" RENAME COLUMN "mended" TO "improved_regions";
ALTER TABLE "iterations" RENAME COLUMN "broken" TO "regressed_regions";
ALTER TABLE "candidates" RENAME COLUMN "reading" TO "parse_status";
ALTER TABLE "candidates" RENAME COLUMN "reading_detail" TO "parse_detail";

-- Stored events name the same things.
UPDATE "events"
SET "data" = "data" - 'reading'
  || jsonb_build_object('parseStatus', CASE "data" ->> 'reading' WHEN 'given' THEN 'provided' ELSE "data" ->> 'reading' END)
WHERE "type" = 'candidate.finished' AND "data" ? 'reading';
UPDATE "events"
SET "data" = "data" || '{"kind": "provided"}'
WHERE "type" IN ('iteration.started', 'iteration.finished') AND "data" ->> 'kind' = 'given';
