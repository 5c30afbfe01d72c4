//go:build tools
package pb
import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
