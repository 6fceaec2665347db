using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Pipeline;
using Speedup.Onnx;
using Speedup.Onnx.Verification;

namespace Onnx.Tests.Support;

/// <summary>One engine and one exporter for all tests, with the plugin DLLs of the drop-in folder.</summary>
internal static class Exporter
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSpeedupOnnx().BuildServiceProvider();

    public static IOnnxExporter Shared => Services.GetRequiredService<IOnnxExporter>();

    public static IModelSpeedup Speedup => Services.GetRequiredService<IModelSpeedup>();

    /// <summary>Runs files on one thread.</summary>
    public static OnnxRuntimeRunner Runner { get; } = new() { Threads = 1 };
}
