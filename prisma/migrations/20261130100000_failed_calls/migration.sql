-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "policy_version" TEXT;

-- CreateTable
CREATE TABLE "failed_calls" (
    "id" BIGSERIAL NOT NULL,
    "job_id" TEXT NOT NULL,
    "iteration" INTEGER NOT NULL,
    "candidate" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "sampling" JSONB NOT NULL,
    "failure" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "failed_calls_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "failed_calls_job_id_idx" ON "failed_calls"("job_id");

-- CreateIndex
CREATE INDEX "failed_calls_prompt_idx" ON "failed_calls"("prompt");

-- AddForeignKey
ALTER TABLE "failed_calls" ADD CONSTRAINT "failed_calls_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failed_calls" ADD CONSTRAINT "failed_calls_prompt_fkey" FOREIGN KEY ("prompt") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
