-- AlterTable
ALTER TABLE "model_calls" ADD COLUMN     "reasoning" TEXT,
ADD COLUMN     "text_only_reason" TEXT,
ADD COLUMN     "tokens" TEXT;

-- The tokens of older calls are lost: they were known at generation time only.
UPDATE "model_calls"
SET "text_only_reason" = 'The call was recorded before tokens were.', "served" = "served" || '{"weightVersion": null}';

-- CreateIndex
CREATE INDEX "model_calls_reasoning_idx" ON "model_calls"("reasoning");

-- CreateIndex
CREATE INDEX "model_calls_tokens_idx" ON "model_calls"("tokens");

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_reasoning_fkey" FOREIGN KEY ("reasoning") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_tokens_fkey" FOREIGN KEY ("tokens") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
