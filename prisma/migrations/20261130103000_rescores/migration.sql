-- CreateTable
CREATE TABLE "rescores" (
    "candidate_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "reward" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rescores_pkey" PRIMARY KEY ("candidate_id","version_id")
);

-- AddForeignKey
ALTER TABLE "rescores" ADD CONSTRAINT "rescores_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "candidates"("id") ON DELETE CASCADE ON UPDATE CASCADE;
