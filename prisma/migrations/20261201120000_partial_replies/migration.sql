-- CreateTable
-- Unlogged: its rows change twice a second, and after a crash of the server nobody needs them.
CREATE UNLOGGED TABLE "partial_replies" (
    "job_id" TEXT NOT NULL,
    "iteration" INTEGER NOT NULL,
    "candidate" INTEGER NOT NULL,
    "token" INTEGER NOT NULL,
    "reply" JSONB NOT NULL,

    CONSTRAINT "partial_replies_pkey" PRIMARY KEY ("job_id","iteration","candidate")
);

-- AddForeignKey
ALTER TABLE "partial_replies" ADD CONSTRAINT "partial_replies_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
