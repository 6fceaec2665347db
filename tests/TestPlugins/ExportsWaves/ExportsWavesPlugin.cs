using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(ExportsWaves.ExportsWavesPlugin))]
[assembly: SharedWithHost(typeof(TestModules.Wave))]

namespace ExportsWaves;

/// <summary>Has an ONNX operator, and no handler.</summary>
public sealed class ExportsWavesPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IOnnxOperator, WaveOperator>();
}
