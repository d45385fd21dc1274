import {
  rescoreSchema,
  rewardRecordSchema,
  rewardVersionId,
  type Rescore,
  type RewardRecord,
} from '@pentimento/contracts';
import type { RescoreModel } from '../../generated/models.ts';
import type { Database } from './client.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/** False: the candidate has a reward of this version already, which stays, or there is no such candidate. */
export async function addRescore(database: Database, candidateId: string, input: RewardRecord): Promise<boolean> {
  const reward = rewardRecordSchema.parse(sanitizeForPostgres(input));
  const { version, encoder, preprocessing } = reward;
  const added = await database.run(
    (queries) => queries.$executeRaw`
      INSERT INTO rescores (candidate_id, version_id, reward, at)
      SELECT id, ${rewardVersionId(reward)}, ${JSON.stringify(reward)}::jsonb, ${database.now()} FROM candidates
      WHERE id = ${candidateId} AND NOT EXISTS (
        SELECT FROM rewards
        WHERE candidate_id = ${candidateId} AND version = ${version} AND encoder_id = ${encoder.id}
          AND encoder_sha256 = ${encoder.sha256} AND preprocessing = ${preprocessing})
      ON CONFLICT DO NOTHING`,
  );
  return added === 1;
}

/** The rewards that were added to a job's candidates, the oldest first. */
export async function listRescores(database: Database, jobId: string): Promise<Rescore[]> {
  const rows = await database.run((queries) =>
    queries.rescore.findMany({
      where: { candidate: { jobId } },
      orderBy: [{ at: 'asc' }, { candidateId: 'asc' }, { versionId: 'asc' }],
    }),
  );
  return rows.map(readRescore);
}

function readRescore({ candidateId, reward, at }: RescoreModel): Rescore {
  return rescoreSchema.parse({ candidate: candidateId, reward, at: at.toISOString() });
}
