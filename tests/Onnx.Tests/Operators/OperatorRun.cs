using Onnx.Tests.Support;
using Speedup.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace Onnx.Tests.Operators;

/// <summary>Exports a call by itself, and has ONNX Runtime run it on the example, on fresh numbers and at other sizes.</summary>
internal static class OperatorRun
{
    public static void Check(OperatorCase operatorCase)
    {
        Check(operatorCase, ScalarType.Float32);
        if (operatorCase.HasDouble)
            Check(operatorCase, ScalarType.Float64);
        else
            CheckRefused(operatorCase);
    }

    private static void Check(OperatorCase operatorCase, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new OperatorModel(operatorCase, dtype);

        OnnxExportReport report = Exporter.Shared.Save(model, Draw(operatorCase, dtype), folder["m.onnx"], Options);

        bool isFixed = report.Remarks.Any(remark => remark.StartsWith("Sizes are fixed", StringComparison.Ordinal));
        Assert.True(operatorCase.IsFixed == isFixed, string.Join(' ', report.Remarks));
        Assert.NotEmpty(report.Verified);
        Assert.True(File.Exists(folder["m.onnx"]));
    }

    /// <summary>ONNX Runtime has no kernel for float64; the file is right, and is not written, since nobody could compare it.</summary>
    private static void CheckRefused(OperatorCase operatorCase)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new OperatorModel(operatorCase, ScalarType.Float64);

        OnnxException refusal = Assert.Throws<OnnxException>(() =>
            Exporter.Shared.Save(model, Draw(operatorCase, ScalarType.Float64), folder["m.onnx"], Options)
        );

        Assert.Equal("SPD9303", refusal.Code);
        Assert.IsType<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>(refusal.InnerException);
        Assert.Empty(folder.Names);
    }

    private static OnnxExportOptions Options => new() { Verifier = Exporter.Runner };

    private static Tensor[] Draw(OperatorCase operatorCase, ScalarType dtype)
    {
        using var generator = new Generator(11);
        return
        [
            .. operatorCase.Shapes.Select(shape =>
                operatorCase.IsWhole
                    ? randint(0, 5, shape, dtype: ScalarType.Int64, generator: generator)
                    : randn(shape, dtype: ScalarType.Float64, generator: generator).to(dtype)
            ),
        ];
    }
}
