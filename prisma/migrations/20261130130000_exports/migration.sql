-- CreateEnum
CREATE TYPE "ExportStatus" AS ENUM ('queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled');

-- A file of an export may have more than 2 GiB.
ALTER TABLE "blobs" ALTER COLUMN "bytes" SET DATA TYPE BIGINT;

-- CreateTable
CREATE TABLE "exports" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "options" JSONB NOT NULL,
    "status" "ExportStatus" NOT NULL,
    "error" JSONB,
    "progress" JSONB NOT NULL,
    "manifest" JSONB,
    "token" INTEGER NOT NULL DEFAULT 0,
    "worker" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "recoveries" INTEGER NOT NULL DEFAULT 0,
    "enqueued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "exports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_files" (
    "export_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "blob" TEXT NOT NULL,

    CONSTRAINT "export_files_pkey" PRIMARY KEY ("export_id","path")
);

-- CreateIndex
CREATE INDEX "export_files_blob_idx" ON "export_files"("blob");

-- AddForeignKey
ALTER TABLE "export_files" ADD CONSTRAINT "export_files_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "exports"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_files" ADD CONSTRAINT "export_files_blob_fkey" FOREIGN KEY ("blob") REFERENCES "blobs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
