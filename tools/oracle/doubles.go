package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/esc"
	"github.com/pulumi/esc/eval"
	"github.com/pulumi/esc/schema"
)

//go:embed every_keyword.json
var everyKeywordJSON []byte

var everyKeyword = compileSchema(everyKeywordJSON)

func compileSchema(text []byte) *schema.Schema {
	var result schema.Schema
	if err := json.Unmarshal(text, &result); err != nil {
		panic(err)
	}
	if err := result.Compile(); err != nil {
		panic(err)
	}
	return &result
}

// rot128 adds 128 to each byte, in both directions.
type rot128 struct{}

func (rot128) Encrypt(_ context.Context, value []byte) ([]byte, error) { return rotate128(value), nil }
func (rot128) Decrypt(_ context.Context, value []byte) ([]byte, error) { return rotate128(value), nil }

func rotate128(value []byte) []byte {
	result := make([]byte, len(value))
	for index, each := range value {
		result[index] = each + 128
	}
	return result
}

type provider struct {
	inputs, outputs *schema.Schema
	open            func(inputs map[string]esc.Value) (esc.Value, error)
	delay           time.Duration
}

func (p provider) Schema() (*schema.Schema, *schema.Schema) { return p.inputs, p.outputs }

func (p provider) Open(_ context.Context, inputs map[string]esc.Value, _ esc.EnvExecContext) (esc.Value, error) {
	time.Sleep(p.delay)
	return p.open(inputs)
}

func echoInputs(inputs map[string]esc.Value) (esc.Value, error) { return esc.NewValue(inputs), nil }

type doubles struct {
	caseName  string
	files     map[string][]byte
	openDelay time.Duration
	loadDelay time.Duration
}

func (d doubles) LoadEnvironment(_ context.Context, name string) ([]byte, eval.Decrypter, error) {
	time.Sleep(d.loadDelay)
	source, ok := d.files[name]
	if !ok || strings.Contains("/"+name+"/", "/../") {
		return nil, nil, fmt.Errorf("open testdata/eval/%s/%s.yaml: no such file or directory", d.caseName, name)
	}
	return source, rot128{}, nil
}

func (d doubles) LoadProvider(_ context.Context, name string) (esc.Provider, error) {
	always := schema.Always()
	switch name {
	case "test", "bench":
		return provider{always, always, echoInputs, d.openDelay}, nil
	case "schema":
		return provider{everyKeyword, everyKeyword, echoInputs, 0}, nil
	case "secret-wrapper":
		return provider{always, always, func(inputs map[string]esc.Value) (esc.Value, error) {
			return esc.NewSecret(inputs), nil
		}, 0}, nil
	case "error":
		why := schema.Record(schema.BuilderMap{"why": schema.String()}).Schema()
		return provider{why, always, func(inputs map[string]esc.Value) (esc.Value, error) {
			text, _ := inputs["why"].Value.(string)
			return esc.Value{}, errors.New(text)
		}, 0}, nil
	}
	return nil, fmt.Errorf("unknown provider %q", name)
}

func (d doubles) LoadRotator(_ context.Context, name string) (esc.Rotator, error) {
	switch name {
	case "swap":
		return swap{}, nil
	case "echo":
		return echo{}, nil
	}
	return nil, fmt.Errorf("unknown rotator %q", name)
}

// swap has a state of two strings, and rotates by swapping them.
type swap struct{}

func (swap) Schema() (*schema.Schema, *schema.Schema, *schema.Schema) {
	state := schema.Record(schema.BuilderMap{"a": schema.String(), "b": schema.String()}).Schema()
	return schema.Always(), state, state
}

func (swap) Open(_ context.Context, _, state map[string]esc.Value, _ esc.EnvExecContext) (esc.Value, error) {
	if state == nil {
		state = map[string]esc.Value{}
	}
	return esc.NewValue(state), nil
}

func (swap) Rotate(_ context.Context, _, state map[string]esc.Value, _ esc.EnvExecContext) (esc.Value, error) {
	return esc.NewValue(map[string]esc.Value{"a": state["b"], "b": state["a"]}), nil
}

// echo keeps what `next` said at its last rotations; `next` is evaluated by a rotation alone.
type echo struct{}

func (echo) Schema() (*schema.Schema, *schema.Schema, *schema.Schema) {
	inputs := schema.Record(schema.BuilderMap{"next": schema.String()}).RotateOnly("next").Schema()
	state := schema.Object().
		Properties(schema.BuilderMap{"current": schema.String(), "previous": schema.String()}).
		Required("current").
		Schema()
	return inputs, state, state
}

func (echo) Open(_ context.Context, inputs, state map[string]esc.Value, _ esc.EnvExecContext) (esc.Value, error) {
	next := inputs["next"]
	if !next.Unknown && next.Value != state["current"].Value {
		return esc.Value{}, errors.New("oh no! inputs were evaluated outside of rotation")
	}
	return esc.NewValue(state), nil
}

func (echo) Rotate(_ context.Context, inputs, state map[string]esc.Value, _ esc.EnvExecContext) (esc.Value, error) {
	next := inputs["next"]
	if next.Unknown {
		return esc.Value{}, errors.New("oh no! rotateOnly inputs were not evaluated during rotation")
	}
	return esc.NewValue(map[string]esc.Value{"current": next, "previous": state["current"]}), nil
}
