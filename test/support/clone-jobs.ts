import pg from 'pg';

/** Rows of a table under other values, made of existing rows: `values` is a JSON object in SQL, over the row `old` and the number `n`. */
const cloned = (table: string, values: string, condition: string) => `
  INSERT INTO ${table}
  SELECT (jsonb_populate_record(old, ${values})).* FROM ${table} old CROSS JOIN generate_series($2::int, $3::int) AS n
  WHERE ${condition}`;

const jobId = `'job_01920000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')`;
/** The same for the same candidate and number. */
const candidateId = (id: string) => `'cand_' || md5(${id} || n)::uuid`;

const candidateIds = (ids: string) => `to_jsonb(ARRAY(SELECT ${candidateId('id')} FROM unnest(${ids}) AS id))`;

/** Copies an ended job with its trajectory as jobs `first` to `first + count - 1`, whose ids are in that order. They share its blobs. */
export async function cloneJob(databaseUrl: string, id: string, { first, count }: { first: number; count: number }) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const values = [id, first, first + count - 1];
    const ofJob = `jsonb_build_object('job_id', ${jobId}`;
    const parents = `'parents', ${candidateIds('old.parents')}`;
    const iteration = `${ofJob}, ${parents}, 'accepted', ${candidateIds('old.accepted')})`;
    await client.query('BEGIN');
    await client.query(cloned('jobs', `jsonb_build_object('id', ${jobId})`, 'old.id = $1'), values);
    await client.query(cloned('iterations', iteration, 'old.job_id = $1'), values);
    await client.query(
      cloned('model_calls', `${ofJob}, 'id', nextval('model_calls_id_seq'))`, 'old.job_id = $1'),
      values,
    );
    const call = `(SELECT id FROM model_calls c WHERE c.job_id = ${jobId} AND c.iteration = old.iteration AND c.candidate = old.index)`;
    const candidate = `${ofJob}, ${parents}, 'id', ${candidateId('old.id')}, 'call_id', ${call})`;
    await client.query(cloned('candidates', candidate, 'old.job_id = $1'), values);
    const reward = `jsonb_build_object('candidate_id', ${candidateId('old.candidate_id')})`;
    const own = 'old.candidate_id IN (SELECT id FROM candidates WHERE job_id = $1)';
    await client.query(cloned('rewards', reward, own), values);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
