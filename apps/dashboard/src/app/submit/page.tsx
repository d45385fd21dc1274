import type { Metadata } from 'next';
import { SubmitPage } from '../../features/submit/SubmitPage.tsx';

export const metadata: Metadata = { title: 'Submit' };

export default function Page() {
  return <SubmitPage />;
}
