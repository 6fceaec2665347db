using System.Runtime.InteropServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Cli.Doctor;

/// <summary>Names the versions that a bug report should name.</summary>
internal sealed class RuntimeCheck : IDoctorCheck
{
    public IEnumerable<Finding> Run()
    {
        yield return new Finding(
            "System",
            FindingStatus.Info,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"
        );
        yield return new Finding(".NET", FindingStatus.Info, RuntimeInformation.FrameworkDescription);
        yield return new Finding("TorchSharp", FindingStatus.Info, typeof(Tensor).Assembly.GetName().Version?.ToString() ?? "unknown");
        yield return new Finding(
            "Speedup",
            FindingStatus.Info,
            $"{typeof(SpeedupTool).Assembly.GetName().Version}, contract {SpeedupContract.Version}"
        );
    }
}
