using System.Globalization;
using static TorchSharp.torch;

namespace Speedup.Cli.Doctor;

/// <summary>Lists the devices; runs only after the backend has loaded.</summary>
internal sealed class DeviceCheck : IDoctorCheck
{
    public IEnumerable<Finding> Run()
    {
        string threads = get_num_threads().ToString(CultureInfo.InvariantCulture);
        yield return new Finding("Device cpu", FindingStatus.Ok, $"{threads} thread(s)");
        yield return cuda.is_available()
            ? new Finding("Device cuda", FindingStatus.Ok, $"{cuda.device_count()} device(s)")
            : new Finding("Device cuda", FindingStatus.Info, "not available: this build uses TorchSharp-cpu, or no CUDA driver was found");
    }
}
