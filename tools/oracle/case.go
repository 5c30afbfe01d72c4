package main

import (
	"context"
	"encoding/json"
	"fmt"
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

// result has the members of a case's expected.json, and the modes that made the reference panic or answer what is no JSON.
type result map[string]any

func runCase(req request) any {
	name := req.Overrides.RootEnvironment
	if name == "" {
		name = req.Name
	}
	host := doubles{caseName: req.Name, files: req.Files}
	ctx := context.Background()
	answer := result{}
	answer.attempt("load", func(members result) {
		_, diagnostics := load(name, req)
		members["loadDiags"] = diagnostics
	})
	if answer["failures"] != nil {
		return answer
	}
	answer.attempt("check", func(members result) {
		declaration, _ := load(name, req)
		environment, diagnostics := eval.CheckEnvironment(
			ctx, name, declaration, rot128{}, host, host, newContext(), req.Overrides.ShowSecrets)
		members["checkDiags"] = diagnostics
		members["check"] = environment
		members["checkJson"] = plain(environment, true)
	})
	answer.attempt("eval", func(members result) {
		declaration, _ := load(name, req)
		environment, diagnostics := eval.EvalEnvironment(ctx, name, declaration, rot128{}, host, host, newContext())
		members["evalDiags"] = diagnostics
		members["eval"] = environment
		members["evalJsonRedacted"] = plain(environment, true)
		members["evalJSONRevealed"] = plain(environment, false)
	})
	if req.Overrides.Rotate {
		answer.attempt("rotate", func(members result) {
			declaration, _ := load(name, req)
			environment, rotations, diagnostics := eval.RotateEnvironment(
				ctx, name, declaration, rot128{}, host, host, newContext(), parsePaths(req.Overrides.RotatePaths))
			patches := rotations.Patches()
			sort.Slice(patches, func(i, j int) bool { return patches[i].DocPath < patches[j].DocPath })
			members["rotateDiags"] = diagnostics
			members["rotate"] = environment
			members["rotateJson"] = plain(environment, true)
			members["rotatePatches"] = patches
		})
	}
	return answer
}

// attempt adds the members that a mode gives, or names the mode among the failures. What is empty is left out.
func (r result) attempt(mode string, run func(members result)) {
	defer func() {
		if fault := recover(); fault != nil {
			failures, _ := r["failures"].(map[string]string)
			if failures == nil {
				failures = map[string]string{}
				r["failures"] = failures
			}
			failures[mode] = fmt.Sprint(fault)
		}
	}()
	members := result{}
	run(members)
	encoded := result{}
	for name, member := range members {
		text, err := json.Marshal(member)
		if err != nil {
			panic(err)
		}
		if kind := string(text); kind != "null" && kind != "[]" {
			encoded[name] = json.RawMessage(text)
		}
	}
	for name, text := range encoded {
		r[name] = text
	}
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

func load(name string, req request) (*ast.EnvironmentDecl, syntax.Diagnostics) {
	declaration, diagnostics, err := eval.LoadYAMLBytes(name, req.Files["env"])
	if err != nil {
		panic(err)
	}
	return declaration, diagnostics
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
