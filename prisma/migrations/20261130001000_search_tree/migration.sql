-- A trajectory is a tree: a candidate may have several parents, a group may keep several candidates, and a round may have several groups.
ALTER TABLE "candidates" RENAME COLUMN "parent" TO "parents";
ALTER TABLE "candidates" ALTER COLUMN "parents" TYPE TEXT[] USING array_remove(ARRAY["parents"], NULL);

ALTER TABLE "iterations" RENAME COLUMN "parent" TO "parents";
ALTER TABLE "iterations" ALTER COLUMN "parents" TYPE TEXT[] USING array_remove(ARRAY["parents"], NULL);
ALTER TABLE "iterations" ALTER COLUMN "accepted" TYPE TEXT[] USING array_remove(ARRAY["accepted"], NULL);
ALTER TABLE "iterations" ADD COLUMN "round" INTEGER;
UPDATE "iterations" SET "round" = "index";
ALTER TABLE "iterations" ALTER COLUMN "round" SET NOT NULL;

-- Every stored job was searched greedily.
UPDATE "jobs" SET "policy" = "policy" || '{"strategy": "greedy"}' WHERE NOT "policy" ? 'strategy';

UPDATE "events"
SET "data" = "data" || jsonb_build_object('accepted', CASE jsonb_typeof("data" -> 'accepted')
  WHEN 'string' THEN jsonb_build_array("data" -> 'accepted') ELSE '[]'::jsonb END)
WHERE "type" = 'iteration.finished' AND jsonb_typeof("data" -> 'accepted') IN ('string', 'null');
