using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddPaddings()
    {
        // A constant beside another number of the padding is none any more, which brute force sees, too.
        Signal("ConstantPad1d", () => nn.ConstantPad1d((1, 2), 1.5));
        Image("ConstantPad2d", () => nn.ConstantPad2d((1, 0, 2, 1), -0.75));
        Image("ConstantPad2d, cropped", () => nn.ConstantPad2d((-1, 0, -1, -1), 4));
        Volume("ConstantPad3d", () => nn.ConstantPad3d(1, 1.5));
        Image("ZeroPad2d", () => nn.ZeroPad2d(1));
        Signal("ReflectionPad1d", () => nn.ReflectionPad1d((2, 1)));
        Image("ReflectionPad2d", () => nn.ReflectionPad2d((2, 1, 0, 1)));
        Volume("ReflectionPad3d", () => nn.ReflectionPad3d(1));
        Signal("ReplicationPad1d", () => nn.ReplicationPad1d(2));
        Image("ReplicationPad2d", () => nn.ReplicationPad2d((2, 1, 0, 3)));
        Volume("ReplicationPad3d", () => nn.ReplicationPad3d(1));
    }
}
