-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "JobStatus" AS ENUM ('queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled');

-- CreateEnum
CREATE TYPE "Outcome" AS ENUM ('threshold_met', 'best_effort', 'nothing_rendered');

-- CreateEnum
CREATE TYPE "StopReason" AS ENUM ('threshold', 'max_iterations', 'plateau', 'budget', 'timeout', 'user', 'error');

-- CreateEnum
CREATE TYPE "Language" AS ENUM ('python', 'html', 'svg', 'latex', 'smiles');

-- CreateEnum
CREATE TYPE "IterationKind" AS ENUM ('given', 'draft', 'repair', 'refine', 'rewrite');

-- CreateEnum
CREATE TYPE "ReplyReading" AS ENUM ('code', 'edits', 'no_code', 'edit_failed', 'cut_off', 'given');

-- CreateTable
CREATE TABLE "blobs" (
    "id" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "target_image" TEXT NOT NULL,
    "target_original" TEXT NOT NULL,
    "target_width" INTEGER NOT NULL,
    "target_height" INTEGER NOT NULL,
    "target_had_alpha" BOOLEAN NOT NULL,
    "language" "Language" NOT NULL,
    "model" TEXT NOT NULL,
    "instructions" TEXT NOT NULL,
    "first_code" TEXT,
    "policy" JSONB NOT NULL,
    "budget" JSONB NOT NULL,
    "status" "JobStatus" NOT NULL,
    "outcome" "Outcome",
    "stop_reason" "StopReason",
    "stop_detail" TEXT,
    "error" JSONB,
    "best" JSONB,
    "scores" JSONB NOT NULL DEFAULT '[]',
    "spent_input_tokens" BIGINT NOT NULL DEFAULT 0,
    "spent_output_tokens" BIGINT NOT NULL DEFAULT 0,
    "spent_cost" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "spent_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "token" INTEGER NOT NULL DEFAULT 0,
    "worker" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "beat_at" TIMESTAMPTZ(3),
    "recoveries" INTEGER NOT NULL DEFAULT 0,
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "iterations" (
    "job_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "kind" "IterationKind" NOT NULL,
    "parent" TEXT,
    "patches" JSONB NOT NULL,
    "verdicts" JSONB NOT NULL,
    "accepted" TEXT,
    "mended" JSONB NOT NULL,
    "broken" JSONB NOT NULL,
    "best" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "iterations_pkey" PRIMARY KEY ("job_id","index")
);

-- CreateTable
CREATE TABLE "model_calls" (
    "id" BIGSERIAL NOT NULL,
    "job_id" TEXT NOT NULL,
    "iteration" INTEGER NOT NULL,
    "candidate" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "reply" TEXT NOT NULL,
    "finish_reason" TEXT NOT NULL,
    "usage" JSONB NOT NULL,
    "served" JSONB NOT NULL,
    "sampling" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL,
    "ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "model_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "candidates" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "iteration" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "parent" TEXT,
    "call_id" BIGINT,
    "reading" "ReplyReading" NOT NULL,
    "reading_detail" TEXT NOT NULL,
    "code" TEXT,
    "render" JSONB,
    "render_image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "candidates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rewards" (
    "candidate_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "encoder_id" TEXT NOT NULL,
    "encoder_sha256" TEXT NOT NULL,
    "overall" DOUBLE PRECISION NOT NULL,
    "visual" DOUBLE PRECISION NOT NULL,
    "alignment" SMALLINT NOT NULL,
    "execution" SMALLINT NOT NULL,
    "worst_tile" DOUBLE PRECISION NOT NULL,
    "tiles" JSONB NOT NULL,
    "map" JSONB,
    "ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rewards_pkey" PRIMARY KEY ("candidate_id")
);

-- CreateTable
CREATE TABLE "events" (
    "job_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("job_id","seq")
);

-- CreateIndex
CREATE INDEX "jobs_created_at_id_idx" ON "jobs"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "jobs_status_created_at_id_idx" ON "jobs"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "model_calls_job_id_iteration_candidate_key" ON "model_calls"("job_id", "iteration", "candidate");

-- CreateIndex
CREATE UNIQUE INDEX "candidates_call_id_key" ON "candidates"("call_id");

-- CreateIndex
CREATE UNIQUE INDEX "candidates_job_id_iteration_index_key" ON "candidates"("job_id", "iteration", "index");

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_target_image_fkey" FOREIGN KEY ("target_image") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_target_original_fkey" FOREIGN KEY ("target_original") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_first_code_fkey" FOREIGN KEY ("first_code") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "iterations" ADD CONSTRAINT "iterations_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_prompt_fkey" FOREIGN KEY ("prompt") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_reply_fkey" FOREIGN KEY ("reply") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidates" ADD CONSTRAINT "candidates_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidates" ADD CONSTRAINT "candidates_call_id_fkey" FOREIGN KEY ("call_id") REFERENCES "model_calls"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidates" ADD CONSTRAINT "candidates_code_fkey" FOREIGN KEY ("code") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidates" ADD CONSTRAINT "candidates_render_image_fkey" FOREIGN KEY ("render_image") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rewards" ADD CONSTRAINT "rewards_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "candidates"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
