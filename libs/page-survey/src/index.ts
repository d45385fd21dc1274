export { maxSurveyLength, parseSurvey, readSurvey, unknownContent, type ShownContent } from './read-survey.ts';
export { survey } from './survey.ts';
