-- Each reward's terms become one object by the terms' ids. Every value is kept, and colour is now color.
ALTER TABLE "rewards" ADD COLUMN "terms" JSONB;

UPDATE "rewards"
SET "terms" = jsonb_build_object(
  'overall', "overall",
  'visual', "visual",
  'alignment', "alignment",
  'execution', "execution",
  'worstTile', "worst_tile",
  'lowQuantile', "low_quantile",
  'windows', "windows_term",
  'size', "size",
  'aspect', "aspect",
  'color', "colour",
  'text', "text",
  'shiftTolerant', "shift_tolerant"
);

ALTER TABLE "rewards"
  ALTER COLUMN "terms" SET NOT NULL,
  DROP COLUMN "overall",
  DROP COLUMN "visual",
  DROP COLUMN "alignment",
  DROP COLUMN "execution",
  DROP COLUMN "worst_tile",
  DROP COLUMN "low_quantile",
  DROP COLUMN "windows_term",
  DROP COLUMN "size",
  DROP COLUMN "aspect",
  DROP COLUMN "colour",
  DROP COLUMN "text",
  DROP COLUMN "shift_tolerant";
