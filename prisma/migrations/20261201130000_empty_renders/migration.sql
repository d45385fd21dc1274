-- A render that shows nothing has a score like any other: the reward says so beside it.
ALTER TABLE "rewards" ADD COLUMN     "empty" BOOLEAN NOT NULL DEFAULT false;
