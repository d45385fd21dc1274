-- A language is an open id, so that a new one needs no migration: the contracts' schema checks it.
ALTER TABLE "jobs" ALTER COLUMN "language" TYPE TEXT USING "language"::TEXT;

-- DropEnum
DROP TYPE "Language";
