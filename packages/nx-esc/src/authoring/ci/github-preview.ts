import { type CiPlan, GENERATED_MARK } from './ci-plan';
import { JOB_ENVIRONMENT, setUpSteps } from './github-steps';

const COMMENT_MARK = '<!-- nx-esc preview -->';
/** A comment may have 65,536 characters. */
const LONGEST = 60_000;

/**
 * The workflow for pull requests. Every one of them is checked, which needs no secret; those from the repository itself are
 * also previewed, with one comment that is kept up to date.
 */
export function githubPreviewWorkflow(plan: CiPlan): string {
  const { packages, targets, previewed } = plan;
  return `${GENERATED_MARK}
name: preview
on:
  pull_request:
permissions: {}
concurrency:
  group: preview-\${{ github.event.pull_request.number }}
  cancel-in-progress: true
${JOB_ENVIRONMENT}  NX_BASE: \${{ github.event.pull_request.base.sha }}
  NX_HEAD: \${{ github.sha }}
jobs:
  check:
    name: Check environments
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
${setUpSteps(plan)}      - name: Configuration
        run: ${packages.exec} nx affected -t ${targets.check} --output-style=stream
  preview:
    name: Preview ${previewed}
    needs: [check]
    # A fork gets no identity, so there is nothing that it could preview with.
    if: \${{ github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      id-token: write # who the job is, exchanged for credentials that expire
      pull-requests: write # the comment
    steps:
${setUpSteps(plan)}      - name: Identity
        run: ${packages.exec} nx-esc whoami --env=${previewed}
      - name: Preview
        shell: bash
        run: ${packages.exec} nx affected -t ${targets.preview} --env=${previewed} --output-style=stream 2>&1 | tee preview.txt
      - name: Comment
        if: \${{ !cancelled() }}
        shell: bash
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
        run: |
${indent(commentScript(plan), 10)}`;
}

/** Writes the comment, in the place of an earlier one. The fence is longer than any that pulumi prints. */
function commentScript({ packages, previewed }: CiPlan): string {
  return `touch preview.txt
{
  echo '${COMMENT_MARK}'
  echo '### Preview of ${previewed}'
  echo
  ${packages.exec} nx-esc affected --env=${previewed} --format markdown || true
  echo
  echo '<details><summary>What would change</summary>'
  echo
  echo '\`\`\`\`\`\`text'
  tail -c ${LONGEST} preview.txt
  echo
  echo '\`\`\`\`\`\`'
  echo '</details>'
} > comment.md
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
id=$(gh api "$comments" --paginate --jq '.[] | select(.body | startswith("${COMMENT_MARK}")) | .id' | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@comment.md
else
  gh api --silent "$comments" --field body=@comment.md
fi
`;
}

function indent(text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width));
}
