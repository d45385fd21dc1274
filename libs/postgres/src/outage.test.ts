import { describe, expect, it } from 'vitest';
import { databaseError, OutageError } from './outage.ts';

const coded = (code: string, message = 'message') => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it('is an outage if any of its causes is one, and keeps its causes', () => {
    const adapter = new Error('adapter', { cause: { kind: 'ConnectionClosed' } });
    const nested = Object.assign(new Error('Raw query failed'), {
      code: 'P2010',
      meta: { driverAdapterError: adapter },
    });
    const outages = [
      nested,
      coded('ECONNREFUSED'),
      coded('57P01', 'terminating connection'),
      new AggregateError([coded('ECONNREFUSED')]),
      new Error('Connection terminated unexpectedly'),
      new Error('outer', { cause: coded('57P03') }),
    ];
    for (const error of outages) {
      const known = databaseError(error);
      expect(known, error.message).toBeInstanceOf(OutageError);
      expect(known!.cause).toBe(error);
      expect(known!.message).toMatch(/^PostgreSQL does not answer \(.+\): try again/);
    }
  });

  it('has the remedy if the address is wrong', () => {
    expect(databaseError(coded('3D000'))!.message).toMatch(/create it/);
    expect(databaseError(coded('28P01'))!.message).toMatch(/password/);
    expect(databaseError(coded('3D000'))).not.toBeInstanceOf(OutageError);
  });

  it('is left as it is if the database could be reached', () => {
    expect(databaseError(coded('23505', 'duplicate key'))).toBeNull();
    expect(databaseError(new TypeError('x is undefined'))).toBeNull();
    expect(databaseError('text')).toBeNull();
  });
});
