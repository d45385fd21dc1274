-- How much of an earlier render is bitmaps is not known.
UPDATE "candidates"
SET "render" = "render" || '{"bitmapShare": null}'
WHERE "render" ->> 'status' = 'ok' AND NOT "render" ? 'bitmapShare';

-- Jobs go on by the rules that they were submitted with: no further minimums, and no limit on bitmaps.
UPDATE "jobs" SET "policy" = '{"minimums": {}, "maxBitmapShare": 1}'::jsonb || "policy";
