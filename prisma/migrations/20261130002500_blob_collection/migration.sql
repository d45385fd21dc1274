-- AlterTable
ALTER TABLE "blobs" ADD COLUMN     "images_known" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "last_put_at" TIMESTAMPTZ(3);

-- The grace of blobs that are there already starts with the upgrade: old rows do not say when a blob was last put.
UPDATE "blobs" SET "last_put_at" = now();
ALTER TABLE "blobs" ALTER COLUMN "last_put_at" SET NOT NULL;

-- CreateTable
CREATE TABLE "prompt_images" (
    "prompt" TEXT NOT NULL,
    "image" TEXT NOT NULL,

    CONSTRAINT "prompt_images_pkey" PRIMARY KEY ("prompt","image")
);

-- CreateTable
CREATE TABLE "deleted_blobs" (
    "id" TEXT NOT NULL,

    CONSTRAINT "deleted_blobs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "prompt_images_image_idx" ON "prompt_images"("image");

-- CreateIndex
CREATE INDEX "candidates_code_idx" ON "candidates"("code");

-- CreateIndex
CREATE INDEX "candidates_render_image_idx" ON "candidates"("render_image");

-- CreateIndex
CREATE INDEX "jobs_target_image_idx" ON "jobs"("target_image");

-- CreateIndex
CREATE INDEX "jobs_target_original_idx" ON "jobs"("target_original");

-- CreateIndex
CREATE INDEX "jobs_initial_code_idx" ON "jobs"("initial_code");

-- CreateIndex
CREATE INDEX "model_calls_prompt_idx" ON "model_calls"("prompt");

-- CreateIndex
CREATE INDEX "model_calls_reply_idx" ON "model_calls"("reply");

-- AddForeignKey
ALTER TABLE "prompt_images" ADD CONSTRAINT "prompt_images_prompt_fkey" FOREIGN KEY ("prompt") REFERENCES "blobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prompt_images" ADD CONSTRAINT "prompt_images_image_fkey" FOREIGN KEY ("image") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
