using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddActivations()
    {
        Image("ReLU", () => nn.ReLU());
        Image("ReLU in place", () => nn.ReLU(inplace: true));
        Image("ReLU6", () => nn.ReLU6());
        Image("LeakyReLU", () => nn.LeakyReLU(0.2));
        Image("RReLU", () => nn.RReLU());
        Image("PReLU, one slope", () => nn.PReLU(1));
        Image("PReLU, a slope a channel", () => nn.PReLU(6));
        Image("ELU", () => nn.ELU(1.3));
        Image("CELU", () => nn.CELU(1.3));
        Image("SELU", () => nn.SELU());
        Image("GELU", () => nn.GELU());
        Image("GELU by tanh", () => nn.GELU(approximate: GELU.Approximate.tanh));
        Image("SiLU", () => nn.SiLU());
        Image("Mish", () => nn.Mish());
        Image("Sigmoid", () => nn.Sigmoid());
        Image("LogSigmoid", () => nn.LogSigmoid());
        Image("Hardsigmoid", () => nn.Hardsigmoid());
        Image("Hardswish", () => nn.Hardswish());
        Image("Hardtanh", () => nn.Hardtanh(-0.3, 0.6));
        Image("Hardshrink", () => nn.Hardshrink(0.4));
        Image("Softplus", () => nn.Softplus(2));
        Image("Softshrink", () => nn.Softshrink(0.4));
        Image("Softsign", () => nn.Softsign());
        Image("Tanh", () => nn.Tanh());
        Image("Tanhshrink", () => nn.Tanhshrink());
        Image("Threshold", () => nn.Threshold(0.1, 2));
        // A channel and its gate go together, so that two stay where all could go.
        Image("GLU", () => nn.GLU(1), atLeast: 0.9);
        // Every channel is part of each sum: nothing of a softmax over the channels can go.
        Image("Softmax over channels", () => nn.Softmax(1), atLeast: 0);
        Image("Softmax over positions", () => nn.Softmax(2));
        Image("LogSoftmax over positions", () => nn.LogSoftmax(-1));
        Image("Softmin over positions", () => nn.Softmin(3));
        Image("Softmax2d", () => nn.Softmax2d(), atLeast: 0);
        Add("Softmax2d on rows", kit => kit.Module(() => nn.Softmax2d(), 6, 3, 2, 2).OtherSizes([6, 4, 2, 1]).OnAxis(0, 0));
        Image("Dropout", () => nn.Dropout());
        Signal("Dropout1d", () => nn.Dropout1d());
        Image("Dropout2d", () => nn.Dropout2d());
        Volume("Dropout3d", () => nn.Dropout3d());
        Image("AlphaDropout", () => nn.AlphaDropout());
        Image("FeatureAlphaDropout", () => nn.FeatureAlphaDropout());
        Image("Identity", () => nn.Identity());
    }
}
