using Microsoft.Extensions.DependencyInjection;
using Onnx.Tests.Support;
using Speedup.Core.Hosting;
using Speedup.Onnx;
using TestModules;
using Xunit;
using static TorchSharp.torch;

namespace Onnx.Tests;

/// <summary>A stranger's plugin exports its own module; without its DLL the error says what is missing.</summary>
public sealed class ThirdPartyTests
{
    [Fact]
    public void Save_WithThePluginsFolder_WritesItsModule()
    {
        using var folder = new TemporaryFolder();
        using var model = new Shore();

        OnnxExportReport report = Save(model, folder, Path.Combine(AppContext.BaseDirectory, "OnnxPlugins"));

        Assert.Equal(1, report.Nodes["Sin"]);
        Assert.Contains("wave", OnnxContent.Read(folder["m.onnx"]).NodeNames);
    }

    [Fact]
    public void Save_WithoutThePluginsFolder_NamesWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        using var model = new Shore();

        OnnxException refusal = Assert.Throws<OnnxException>(() =>
            Save(model, folder, Directory.CreateDirectory(folder["plugins"]).FullName)
        );

        Assert.Equal("SPD9301", refusal.Code);
        string missing = Assert.Single(refusal.Reasons);
        Assert.Contains("sinc", missing, StringComparison.Ordinal);
        Assert.Contains("'wave'", missing, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    private static OnnxExportReport Save(nn.Module model, TemporaryFolder folder, string plugins)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSpeedup(options => options.Plugins.Directory = plugins)
            .AddSpeedupOnnx()
            .BuildServiceProvider();
        return services
            .GetRequiredService<IOnnxExporter>()
            .Save(model, [randn(2, 5)], folder["m.onnx"], new OnnxExportOptions { Verifier = Exporter.Runner });
    }

    private sealed class Shore : nn.Module<Tensor, Tensor>
    {
        private readonly Wave wave = new();

        public Shore()
            : base(nameof(Shore)) => RegisterComponents();

        public override Tensor forward(Tensor input) => wave.call(input);
    }
}
