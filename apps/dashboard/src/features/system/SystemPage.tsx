'use client';

import { useQuery } from '@tanstack/react-query';
import type { Health } from '@pentimento/api-contracts';
import { Check, CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { healthQuery, languagesQuery, modelsQuery } from '../../api/queries.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Shell } from '../../shell/Shell.tsx';
import { Age } from '../../ui/Time.tsx';

export function SystemPage() {
  return (
    <Shell page="system">
      <div className="mx-auto flex w-full max-w-[960px] flex-col gap-8 p-4 md:p-6">
        <h1 className="sr-only">System</h1>
        <HealthSection />
        <Models />
        <Languages />
      </div>
    </Shell>
  );
}

const healthWords: Record<Health['status'], string> = {
  ok: 'All well',
  draining: 'Shutting down',
  failing: 'Something is wrong',
};

function HealthSection() {
  const { data: health, error, refetch } = useQuery({ ...healthQuery, refetchInterval: 5000 });
  return (
    <Section title="Health">
      {error && <Failure title="The server did not answer" error={error} retry={() => void refetch()} />}
      {health && !error && (
        <>
          <p className="flex items-center gap-2 pb-2">
            <Mark ok={health.status === 'ok'} />
            <span data-testid="health">{healthWords[health.status]}</span>
            <span className="ml-auto text-muted">
              version {health.version} · checked <Age at={health.at} ago />
            </span>
          </p>
          <Table name="Checks" head={['Check', 'State', 'Detail']}>
            {health.checks.map((check) => (
              <tr key={check.name}>
                <th scope="row">{check.name}</th>
                <td>
                  <State ok={check.ok} yes="well" no="failing" />
                </td>
                <td className="text-muted">{check.detail}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Section>
  );
}

function Models() {
  const { data, error, refetch } = useQuery(modelsQuery);
  const listed = new Set(data?.data.map((model) => model.provider));
  return (
    <Section title="Models">
      {error && <Failure title="The models could not be loaded" error={error} retry={() => void refetch()} />}
      {data && (
        <Table name="Models as a table" head={['Model', 'State', 'What to do']}>
          {data.data.map((model) => (
            <tr key={model.name}>
              <th scope="row" className="font-mono text-xs leading-5! break-all">
                {model.name}
              </th>
              <td>
                <State ok={model.ready} yes="ready" no="not ready" />
              </td>
              <td className="text-muted">
                {model.reason ?? (model.trusted ? 'Built in: needs no key and no network.' : '')}
              </td>
            </tr>
          ))}
          {data.providers
            .filter((provider) => !listed.has(provider.provider))
            .map((provider) => (
              <tr key={provider.provider}>
                <th scope="row" className="font-mono text-xs leading-5! break-all">
                  {provider.provider}/…
                </th>
                <td>
                  <State ok={provider.ready} yes="ready" no="not ready" />
                </td>
                <td className="text-muted">{provider.reason ?? `Any of its models, e.g. ${provider.example}.`}</td>
              </tr>
            ))}
        </Table>
      )}
    </Section>
  );
}

function Languages() {
  const { data, error, refetch } = useQuery(languagesQuery);
  return (
    <Section title="Languages">
      {error && <Failure title="The languages could not be loaded" error={error} retry={() => void refetch()} />}
      {data && (
        <Table name="Languages as a table" head={['Language', 'State', 'Renderer']}>
          {data.map((state) => (
            <tr key={state.id}>
              <th scope="row">{state.title}</th>
              <td>
                <State
                  ok={state.available}
                  yes={state.isolation === 'sandbox' ? 'in the sandbox' : isolationWord(state.isolation)}
                  no="not available"
                />
              </td>
              <td className="text-muted">
                {state.renderer && <span className="font-mono text-xs leading-5">{state.renderer}</span>}
                {state.renderer && state.reason && <br />}
                {state.reason}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function isolationWord(isolation: string | null): string {
  return isolation === 'unsafe' ? 'without a sandbox' : 'weakly isolated';
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Table({ name, head, children }: { name: string; head: readonly string[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={name}>
      <table className="table-rows w-full border-y">
        <thead className="text-xs text-muted">
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function State({ ok, yes, no }: { ok: boolean; yes: string; no: string }) {
  return (
    <span className="whitespace-nowrap [&_svg]:mr-2 [&_svg]:inline [&_svg]:align-[-2px]">
      <Mark ok={ok} />
      {ok ? yes : no}
    </span>
  );
}

function Mark({ ok }: { ok: boolean }) {
  if (ok) return <Check size={14} aria-hidden className="shrink-0" />;
  return <CircleSlash size={14} aria-hidden className="shrink-0" />;
}
