using Speedup.Core.Backends;

namespace Speedup.Cli.Doctor;

/// <summary>Compares convolutions in float32 with float64; runs only after the backend has loaded.</summary>
internal sealed class ConvolutionCheck : IDoctorCheck
{
    private const string Subject = "Convolutions";

    public IEnumerable<Finding> Run() =>
        [
            CpuConvolution.EnsureSound() switch
            {
                BackendStatus.Sound => new Finding(Subject, FindingStatus.Ok, "float32 agrees with float64"),
                BackendStatus.OneDnnOff => new Finding(
                    Subject,
                    FindingStatus.Info,
                    "oneDNN computes wrong float32 convolutions on this machine; the framework turns it off in its own process. "
                        + "A program that uses TorchSharp without it should set ONEDNN_MAX_CPU_ISA=SSE41, or call CpuConvolution.EnsureSound()"
                ),
                _ => new Finding(
                    Subject,
                    FindingStatus.Missing,
                    "float32 convolutions are wrong on this machine, and oneDNN cannot be turned off",
                    "Set the environment variable ONEDNN_MAX_CPU_ISA=SSE41 before the program starts, or compute in float64."
                ),
            },
        ];
}
