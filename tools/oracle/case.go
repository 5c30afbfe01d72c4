package main

import (
	"context"
	"encoding/json"
	"sort"

	"github.com/pulumi/esc"
	"github.com/pulumi/esc/ast"
	"github.com/pulumi/esc/eval"
	"github.com/pulumi/esc/syntax"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

type overrides struct {
	ShowSecrets     bool     `json:"showSecrets"`
	RootEnvironment string   `json:"rootEnvironment"`
	Rotate          bool     `json:"rotate"`
	RotatePaths     []string `json:"rotatePaths"`
}

// result has the members of a case's expected.json.
type result struct {
	LoadDiags        syntax.Diagnostics `json:"loadDiags,omitempty"`
	CheckDiags       syntax.Diagnostics `json:"checkDiags,omitempty"`
	Check            *esc.Environment   `json:"check,omitempty"`
	CheckJSON        any                `json:"checkJson,omitempty"`
	EvalDiags        syntax.Diagnostics `json:"evalDiags,omitempty"`
	Eval             *esc.Environment   `json:"eval,omitempty"`
	EvalJSONRedacted any                `json:"evalJsonRedacted,omitempty"`
	EvalJSONRevealed any                `json:"evalJSONRevealed,omitempty"`
	RotateDiags      syntax.Diagnostics `json:"rotateDiags,omitempty"`
	Rotate           *esc.Environment   `json:"rotate,omitempty"`
	RotateJSON       any                `json:"rotateJson,omitempty"`
	RotatePatches    []*eval.Patch      `json:"rotatePatches,omitempty"`
}

func runCase(req request) any {
	name := req.Overrides.RootEnvironment
	if name == "" {
		name = req.Name
	}
	host := doubles{caseName: req.Name, files: req.Files}
	declaration, loadDiags, err := eval.LoadYAMLBytes(name, req.Files["env"])
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	ctx := context.Background()
	answer := result{LoadDiags: loadDiags}
	answer.Check, answer.CheckDiags = eval.CheckEnvironment(
		ctx, name, declaration, rot128{}, host, host, newContext(), req.Overrides.ShowSecrets)
	answer.CheckJSON = plain(answer.Check, true)
	answer.Eval, answer.EvalDiags = eval.EvalEnvironment(ctx, name, reload(name, req), rot128{}, host, host, newContext())
	answer.EvalJSONRedacted = plain(answer.Eval, true)
	answer.EvalJSONRevealed = plain(answer.Eval, false)
	if req.Overrides.Rotate {
		var rotations eval.RotationResult
		answer.Rotate, rotations, answer.RotateDiags = eval.RotateEnvironment(
			ctx, name, reload(name, req), rot128{}, host, host, newContext(), parsePaths(req.Overrides.RotatePaths))
		answer.RotateJSON = plain(answer.Rotate, true)
		answer.RotatePatches = rotations.Patches()
		sort.Slice(answer.RotatePatches, func(i, j int) bool {
			return answer.RotatePatches[i].DocPath < answer.RotatePatches[j].DocPath
		})
	}
	return answer
}

func newContext() *esc.ExecContext {
	values, err := esc.FromJSON(map[string]any{"pulumi": map[string]any{"user": map[string]any{"id": "USER_123"}}})
	if err != nil {
		panic(err)
	}
	execution, err := esc.NewExecContext(values.Value.(map[string]esc.Value))
	if err != nil {
		panic(err)
	}
	return execution
}

func reload(name string, req request) *ast.EnvironmentDecl {
	declaration, _, err := eval.LoadYAMLBytes(name, req.Files["env"])
	if err != nil {
		panic(err)
	}
	return declaration
}

func parsePaths(texts []string) []resource.PropertyPath {
	var paths []resource.PropertyPath
	for _, text := range texts {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			panic(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func plain(environment *esc.Environment, redact bool) any {
	if environment == nil {
		return nil
	}
	return esc.NewValue(environment.Properties).ToJSON(redact)
}

type patchRequest struct {
	DocPath     string
	Replacement json.RawMessage
}

// rewrite encrypts or decrypts the secrets of a text, or applies patches to it.
func rewrite(req request) any {
	ctx := context.Background()
	var text []byte
	var err error
	switch req.Op {
	case "encrypt":
		text, err = eval.EncryptSecrets(ctx, req.Name, req.Source, rot128{})
	case "decrypt":
		text, err = eval.DecryptSecrets(ctx, req.Name, req.Source, rot128{})
	default:
		var patches []*eval.Patch
		patches, err = decodePatches(req.Patches)
		if err == nil {
			text, err = eval.ApplyValuePatches(req.Source, patches)
		}
	}
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]any{"text": text}
}

func decodePatches(text []byte) ([]*eval.Patch, error) {
	var requests []patchRequest
	if err := json.Unmarshal(text, &requests); err != nil {
		return nil, err
	}
	var patches []*eval.Patch
	for _, each := range requests {
		var value esc.Value
		if err := json.Unmarshal(each.Replacement, &value); err != nil {
			return nil, err
		}
		patches = append(patches, &eval.Patch{DocPath: each.DocPath, Replacement: value})
	}
	return patches, nil
}
