import { type CiPlan, GENERATED_MARK } from './ci-plan';
import { JOB_ENVIRONMENT, setUpSteps } from './github-steps';

const COMMENT_MARK = '<!-- nx-esc preview -->';
/** A comment may have 65,536 characters; the table of what is affected has up to 20,000. */
const LONGEST = 40_000;

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
      - id: preview
        name: Preview
        # It ends with a command that fails, which the default shell does not.
        shell: bash
        run: ${packages.exec} nx affected -t ${targets.preview} --env=${previewed} --output-style=stream 2>&1 | tee "$RUNNER_TEMP/preview.txt"
      - name: Comment
        if: \${{ !cancelled() }}
        shell: bash
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
          OUTCOME: \${{ steps.preview.outcome }}
        run: |
${indent(commentScript(plan), 10)}`;
}

/**
 * Writes the comment, in the place of an earlier one of its own. What pulumi printed is text there whatever is in it: within
 * `<pre>` and without a `<` nothing is HTML, Markdown or a mention.
 */
function commentScript({ packages, previewed }: CiPlan): string {
  return `cd "$RUNNER_TEMP"
touch preview.txt
{
  echo '${COMMENT_MARK}'
  echo "### Preview of ${previewed}: $OUTCOME"
  echo
  (cd "$GITHUB_WORKSPACE" && ${packages.exec} nx-esc affected --env=${previewed} --downstream --format markdown) || echo 'What is affected is not known: see the log.'
  echo
  echo '<details><summary>What would change</summary>'
  echo
  echo '<pre>'
  tail -c ${LONGEST} preview.txt | sed 's/\\x1b\\[[0-9;?]*[A-Za-z]//g' | tr -d '\\000-\\010\\013-\\037\\177' | sed 's/&/\\&amp;/g; s/</\\&lt;/g; s/>/\\&gt;/g' | tail -c ${LONGEST}
  echo '</pre>'
  echo
  echo '</details>'
} > comment.md
mine='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("${COMMENT_MARK}"))) | .id'
ids=$(gh api "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --paginate --jq "$mine")
id=\${ids%%[!0-9]*}
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@comment.md
else
  gh api --silent "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field body=@comment.md
fi
`;
}

function indent(text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width));
}
