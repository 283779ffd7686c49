// Validates a bundle for the Operator Lifecycle Manager: olm DIRECTORY. Errors and warnings fail.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/validation"
	interfaces "github.com/operator-framework/api/pkg/validation/interfaces"
)

// All but those that ask a registry for the image.
var validators = append(interfaces.Validators{
	validation.OperatorHubV2Validator,
	validation.StandardCapabilitiesValidator,
	validation.StandardCategoriesValidator,
	validation.GoodPracticesValidator,
}, validation.DefaultBundleValidators...)

// A rule of RBAC names no version, so that every one on cronjobs is taken for one on the version that Kubernetes removed.
const mistaken = "Migrate the API(s) for cronjobs"

func main() {
	bundle, err := manifests.GetBundleFromDir(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	failed := false
	for _, result := range validators.Validate(bundle.ObjectsToValidate()...) {
		for _, it := range append(result.Errors, result.Warnings...) {
			if !strings.Contains(it.Error(), mistaken) {
				fmt.Println(it.Error())
				failed = true
			}
		}
	}
	if failed {
		os.Exit(1)
	}
}
