-- CreateEnum
CREATE TYPE "JobKind" AS ENUM ('refinement', 'environment');

-- AlterEnum
ALTER TYPE "JobStatus" ADD VALUE 'waiting';

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "kind" "JobKind" NOT NULL DEFAULT 'refinement';

-- CreateTable
CREATE TABLE "episodes" (
    "job_id" TEXT NOT NULL,
    "session" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "group_name" TEXT,
    "images_as_blobs" BOOLEAN NOT NULL,
    "idle_ms" INTEGER NOT NULL,
    "iteration" INTEGER,
    "prompt" TEXT,
    "started_at" TIMESTAMPTZ(3),

    CONSTRAINT "episodes_pkey" PRIMARY KEY ("job_id")
);

-- CreateIndex
CREATE INDEX "episodes_prompt_idx" ON "episodes"("prompt");

-- CreateIndex
CREATE UNIQUE INDEX "episodes_session_number_key" ON "episodes"("session", "number");

-- CreateIndex
CREATE INDEX "jobs_kind_created_at_id_idx" ON "jobs"("kind", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_prompt_fkey" FOREIGN KEY ("prompt") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
