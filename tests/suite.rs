mod checklist;
