-- AlterEnum
ALTER TYPE "Language" ADD VALUE 'mermaid';

-- AlterTable
ALTER TABLE "rewards" ADD COLUMN     "aspect" DOUBLE PRECISION,
ADD COLUMN     "colour" DOUBLE PRECISION,
ADD COLUMN     "low_quantile" DOUBLE PRECISION,
ADD COLUMN     "preprocessing" TEXT NOT NULL DEFAULT 'pillow-bicubic-448-white-1',
ADD COLUMN     "shift" JSONB,
ADD COLUMN     "shift_tolerant" DOUBLE PRECISION,
ADD COLUMN     "size" DOUBLE PRECISION,
ADD COLUMN     "text" DOUBLE PRECISION,
ADD COLUMN     "windows" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "windows_term" DOUBLE PRECISION;

-- Renders stored before molecules were read.
UPDATE "candidates" SET "render" = '{"molecule": null}'::jsonb || "render" WHERE "render" ->> 'status' = 'ok';
