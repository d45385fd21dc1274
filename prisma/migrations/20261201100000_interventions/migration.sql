-- Interventions (what people want of a job while it runs or after it has ended) and jobs that were forked from others.

-- AlterEnum
ALTER TYPE "IterationKind" ADD VALUE 'edit';

-- CreateEnum
CREATE TYPE "InterventionKind" AS ENUM ('fix', 'lock', 'edit', 'branch', 'continue');

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "begun_iteration" INTEGER,
ADD COLUMN     "ends_as" JSONB,
ADD COLUMN     "forked_from_candidate" TEXT,
ADD COLUMN     "forked_from_job" TEXT;

-- CreateTable
CREATE TABLE "interventions" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "kind" "InterventionKind" NOT NULL,
    "box" JSONB,
    "words" TEXT,
    "candidate_id" TEXT,
    "code" TEXT,
    "changes" JSONB,
    "before" JSONB,
    "from_iteration" INTEGER,
    "until_iteration" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "interventions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "interventions_job_id_seq_idx" ON "interventions"("job_id", "seq");

-- CreateIndex
CREATE INDEX "interventions_candidate_id_idx" ON "interventions"("candidate_id");

-- CreateIndex
CREATE INDEX "interventions_code_idx" ON "interventions"("code");

-- AddForeignKey
ALTER TABLE "interventions" ADD CONSTRAINT "interventions_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interventions" ADD CONSTRAINT "interventions_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "candidates"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interventions" ADD CONSTRAINT "interventions_code_fkey" FOREIGN KEY ("code") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
