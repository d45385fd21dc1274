-- CreateEnum
CREATE TYPE "JudgmentVerdict" AS ENUM ('accept', 'reject');

-- CreateEnum
CREATE TYPE "AuthorKind" AS ENUM ('human', 'model');

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "judgments" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "candidate_id" TEXT NOT NULL,
    "preferred_over" TEXT,
    "verdict" "JudgmentVerdict",
    "note" TEXT NOT NULL,
    "author_kind" "AuthorKind" NOT NULL,
    "author_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "judgments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "judgments_job_id_seq_idx" ON "judgments"("job_id", "seq");

-- CreateIndex
CREATE INDEX "judgments_candidate_id_idx" ON "judgments"("candidate_id");

-- CreateIndex
CREATE INDEX "judgments_preferred_over_idx" ON "judgments"("preferred_over");

-- CreateIndex
CREATE INDEX "jobs_tags_idx" ON "jobs" USING GIN ("tags");

-- AddForeignKey
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "candidates"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_preferred_over_fkey" FOREIGN KEY ("preferred_over") REFERENCES "candidates"("id") ON DELETE CASCADE ON UPDATE CASCADE;
