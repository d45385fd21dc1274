-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "target_device_scale" DOUBLE PRECISION NOT NULL DEFAULT 1;
